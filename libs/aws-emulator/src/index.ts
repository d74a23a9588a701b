export { startAwsEmulator, type AwsAnswer, type AwsEmulator, type AwsEmulatorOptions } from './emulator';
export { gaps } from './gaps';
