// Renovate: every expression of ours still finds what it is for.
import { execFileSync } from 'node:child_process';
import { root as repository } from '../node.mjs';
import { readText, renovateFile } from './files.mjs';

/** Files that Git knows or would. */
function files() {
  return execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
    .split('\n')
    .filter(Boolean);
}

export function checkRenovate(root, listed = files()) {
  const problems = [];
  const say = (text) => problems.push(`${renovateFile}: ${text}`);
  const config = JSON.parse(readText(root, renovateFile));
  for (const preset of ['config:recommended', 'docker:pinDigests', 'helpers:pinGitHubActionDigests'])
    if (!config.extends.includes(preset)) say(`extends lacks ${preset}`);
  const patterns = [
    ...Object.entries(config).flatMap(([name, value]) =>
      (value?.managerFilePatterns ?? []).map((pattern) => [name, pattern]),
    ),
    ...config.customManagers.flatMap(({ description, managerFilePatterns }) =>
      managerFilePatterns.map((pattern) => [description, pattern]),
    ),
  ];
  const matching = (pattern) => listed.filter((file) => new RegExp(pattern.slice(1, -1)).test(file));
  for (const [name, pattern] of patterns)
    if (matching(pattern).length === 0) say(`${name}: no file matches ${pattern}`);
  for (const {
    description,
    managerFilePatterns,
    matchStrings,
    matchStringsStrategy,
    depNameTemplate,
  } of config.customManagers) {
    let texts = managerFilePatterns.flatMap(matching).map((file) => readText(root, file));
    const rules = matchStrings.map((source) => new RegExp(source, 'g'));
    // Each rule but the last narrows down the text that the next one sees.
    if (matchStringsStrategy === 'recursive')
      for (const rule of rules.splice(0, rules.length - 1))
        texts = texts.flatMap((text) => text.match(rule) ?? []);
    const found = texts.flatMap((text) => rules.flatMap((rule) => [...text.matchAll(rule)]));
    if (found.length === 0) say(`${description}: finds nothing`);
    for (const { groups } of found)
      if (!groups?.currentValue || !(groups.depName ?? depNameTemplate))
        say(`${description}: finds something without name or version`);
  }
  return problems;
}
