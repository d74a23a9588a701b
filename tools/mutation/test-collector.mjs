// The part of Jest's globals that the specs of domain code use: collected once, run one by one, as often as there are mutants.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { expect } = require('expect');
const { bind } = require('jest-each');

/**
 * @typedef {{id: string, file: string, run: () => unknown}} CollectedTest
 */

/**
 * Globals for the specs, and the tests that they have declared so far. Hooks are not known: the specs in question have none.
 * @param {(file: string) => void} [onEnter] told before a file declares its tests
 */
export function collectTests(onEnter = () => {}) {
  /** @type {CollectedTest[]} */
  const tests = [];
  const seen = new Map();
  const path = [];
  let file = '';

  const describe = (name, declare) => {
    path.push(String(name));
    try {
      declare();
    } finally {
      path.pop();
    }
  };
  const it = (name, run) => {
    const title = [file, ...path, String(name)].join(' > ');
    const times = (seen.get(title) ?? 0) + 1;
    seen.set(title, times);
    tests.push({ id: times === 1 ? title : `${title} (${times})`, file, run });
  };
  describe.each = bind(describe, false);
  it.each = bind(it);

  return {
    tests,
    globals: { describe, it, test: it, expect },
    /** Tests declared from now on belong to this file. */
    enter: (name) => {
      file = name;
      onEnter(name);
    },
  };
}
