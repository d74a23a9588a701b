export { AppError, isAppError, type AppErrorOptions, type FieldError } from './app-error';
export { causeChain } from './cause-chain';
export { statusForCode, type ErrorCode } from './code';
export { problemContentType, toProblem, type Problem, type ProblemContext } from './problem';
export { reasonPhrase } from './reason-phrase';
