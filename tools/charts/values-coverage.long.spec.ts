import { charts, coverage } from './coverage-process';
import { strictErrors } from './strict-errors';

describe('objects that come of setting any single key', () => {
  jest.setTimeout(180_000);

  it.each(charts)('of %s are valid, unknown fields included', async (chart) => {
    const covered = await coverage(chart);
    if (!covered) return;
    expect(covered.documents.length).toBeGreaterThan(100);
    expect(strictErrors(covered.documents.join('\n---\n'), chart)).toEqual([]);
  });
});
