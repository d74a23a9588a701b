export { replayRecording } from './replay/replay-recording';
export type { ReplayedDecision } from './replay/replayed-decision';
