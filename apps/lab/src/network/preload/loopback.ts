/** Host names and addresses by which a program means "this machine", which inside a pod is the pod. */
const loopbackNames = new Set(['localhost', '127.0.0.1', '::1', '[::1]', 'ip6-localhost']);

/** What a listener gives to be reached at every address of its machine. */
const wildcards = new Set(['', '0.0.0.0', '::', '::0', '[::]']);

export const isLoopback = (host: string): boolean => loopbackNames.has(host.toLowerCase());

export const isWildcard = (host: string): boolean => wildcards.has(host);
