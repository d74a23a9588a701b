export { InterceptorProcess, type InterceptorProcessOptions } from './interceptor-process';
export type {
  EndpointState,
  RouteCounts,
  RouteState,
  RuleState,
  ServicePortState,
  ServiceState,
  TargetState,
} from './message';
