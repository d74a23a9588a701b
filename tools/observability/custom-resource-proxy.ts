import { createServer, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connectionFromKubeconfig } from '@scalelab/kube';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'scaledobjects.keda.sh', uid: 'scaledobjects', resourceVersion: '1' },
  spec: {
    group: 'keda.sh',
    scope: 'Namespaced',
    names: { kind: 'ScaledObject', plural: 'scaledobjects' },
    versions: [{ name: 'v1alpha1', served: true, storage: true }],
  },
};

/**
 * The lab's API with what it does not serve: the definition of ScaledObjects, which kube-state-metrics wants to see before it watches any.
 */
export async function startCustomResourceProxy(kubeconfig: string): Promise<{ url: string; stop(): void }> {
  const { requestOptions, server } = connectionFromKubeconfig(kubeconfig);
  const proxy: Server = createServer((incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://proxy');
    if (pathname === '/apis/apiextensions.k8s.io/v1/customresourcedefinitions') {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      // A watch stays open and has nothing new to tell.
      if (searchParams.get('watch')) outgoing.flushHeaders();
      else
        outgoing.end(
          JSON.stringify({
            apiVersion: definition.apiVersion,
            kind: 'CustomResourceDefinitionList',
            metadata: { resourceVersion: '1' },
            items: [definition],
          }),
        );
      return;
    }
    void requestOptions().then((options) => {
      const headers = { ...options.headers, accept: 'application/json' };
      const onward = request(
        new URL(incoming.url ?? '/', server),
        { ...options, method: incoming.method, headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' });
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    stop: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
