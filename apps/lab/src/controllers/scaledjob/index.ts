export {
  scaledJobController,
  type ScaledJobControllerOptions,
  type ScaledJobPollRecord,
} from './scaledjob-controller';
