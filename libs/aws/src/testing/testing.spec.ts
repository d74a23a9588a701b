import { fakeQueues, fakeTables, MemoryTables } from './index';

describe('fakes', () => {
  it('throw the name of a call that is not stubbed', async () => {
    expect(() => fakeQueues().find('a')).toThrow('fakeQueues.find was called and is not stubbed');
    expect(() => fakeTables({ status: async () => 'active' }).create('a', 'id')).toThrow('fakeTables.create');
    expect(await fakeTables({ status: async () => 'active' }).status('a')).toBe('active');
  });

  it('can be returned from async functions', async () => {
    const made = await (async () => fakeQueues({ find: async () => 'url' }))();
    expect(await made.find('a')).toBe('url');
  });
});

describe('tables in memory', () => {
  it('let the first of two puts win', async () => {
    const tables = new MemoryTables();
    await tables.create('t', 'id');
    expect(await tables.putIfAbsent('t', 'id', { id: 'a', n: 1 })).toBe('written');
    expect(await tables.putIfAbsent('t', 'id', { id: 'a', n: 2 })).toBe('exists');
    expect(await tables.get('t', 'id', 'a')).toEqual({ id: 'a', n: 1 });
    const rows = [];
    for await (const row of tables.scan('t', ['id'])) rows.push(row);
    expect(rows).toEqual([{ id: 'a' }]);
  });

  it('are missing until they are made', async () => {
    const tables = new MemoryTables();
    expect(await tables.status('t')).toBe('missing');
    await expect(tables.putIfAbsent('t', 'id', { id: 'a' })).rejects.toThrow('table t does not exist');
  });
});
