export { capturedLogs, type CapturedLogs } from './captured-logs';
export { startProgram, type Exit, type Program } from './program';
export { testDeps, type TestDeps } from './test-deps';
