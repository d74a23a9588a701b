import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from './handlers';
import { topicConfigs } from './topics/topic-config';

const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');

describe('the README', () => {
  it('lists every API with the versions that are served', () => {
    const listed = [...readme.matchAll(/(\w+)\s*\|\s*(\d+-\d+)\s*(?=\|)/g)].map(
      ([, name, versions]) => `${name} ${versions}`,
    );
    const served = routes.map(({ api: { name, versions } }) => `${name} ${versions.join('-')}`);
    expect(listed.toSorted()).toEqual(served.toSorted());
  });

  it('names every topic setting', () => {
    for (const { name } of topicConfigs) expect(readme).toContain(`\`${name}\``);
  });
});
