export { startFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy';
export { type Fault, type FaultRule, type ProxiedCall } from './fault-rules';
