export { recordingHeader } from './header';
export { Recorder, type RecorderOptions } from './recorder';
export { RecordingFile } from './recording-file';
