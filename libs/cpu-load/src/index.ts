export { burnCpu } from './burn-cpu';
