export { startAwsEmulator, type AwsEmulator, type AwsEmulatorOptions } from './emulator';
export { gaps } from './gaps';
