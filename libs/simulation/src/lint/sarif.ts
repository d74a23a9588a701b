import type { Finding } from './finding';
import { lintRules } from './lint';

/** Findings as SARIF 2.1.0, as code review tools read it. */
export function sarifOf(findings: readonly Finding[]): object {
  const rules = lintRules.map(({ code, level, title, why }) => ({
    id: code,
    shortDescription: { text: title },
    fullDescription: { text: why },
    defaultConfiguration: { level },
  }));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'scalelab lint', rules } },
        results: findings.map(({ rule, file, line, object, message, fix }) => ({
          ruleId: rule.code,
          ruleIndex: lintRules.findIndex(({ code }) => code === rule.code),
          level: rule.level,
          message: { text: `${object}: ${message}. Why: ${rule.why}. Fix: ${fix}.` },
          locations: [{ physicalLocation: { artifactLocation: { uri: file }, region: { startLine: line } } }],
        })),
      },
    ],
  };
}
