import { nothingToClose, type TriggerSource } from './trigger-source';

/** cron needs only the time, cpu and memory are read by the HorizontalPodAutoscaler itself: nothing to ask. */
export const clockSource: TriggerSource = {
  observe: () => Promise.resolve({ kind: 'clock' }),
  close: nothingToClose,
};
