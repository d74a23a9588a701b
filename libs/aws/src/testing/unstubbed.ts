/**
 * An object of an interface of which a test stubs what it expects to be called: every other call throws and names itself,
 * so that a test never passes because of a call that nobody thought of.
 */
export function unstubbed<Port extends object>(name: string, stubs: Partial<Port>): Port {
  return new Proxy(stubs, {
    get(target, method, receiver) {
      // A port that is awaited or returned from an async function is asked whether it is a promise.
      if (method in target || method === 'then' || typeof method === 'symbol')
        return Reflect.get(target, method, receiver);
      return () => {
        throw new Error(`${name}.${method} was called and is not stubbed`);
      };
    },
  }) as Port;
}
