import { formatManifestError } from './issue';
import { loadManifests } from './load';

const messages = (text: string) => loadManifests(text, 'a.yaml').errors.map(formatManifestError);

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: web:1
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /readyz, port: http}}
`;

describe('loadManifests', () => {
  it('gives the objects of several documents with file and line, and skips empty documents', () => {
    const text = `# Source: chart\n---\n${deployment}---\n\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1"}\n`;
    const { objects, errors } = loadManifests(text, 'all.yaml');
    expect(errors).toEqual([]);
    expect(objects.map((o) => [o.object.kind, o.object.metadata.name, o.file, o.line])).toEqual([
      ['Deployment', 'web', 'all.yaml', 3],
      ['ConfigMap', 'c', 'all.yaml', 20],
    ]);
  });

  it('takes a List apart and places its errors', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n  - apiVersion: v1\n    kind: ConfigMap\n    metadata: {name: b}\n    dat: {}\n';
    const { objects, errors } = loadManifests(text, 'list.yaml');
    expect(objects.map((o) => o.object.metadata.name)).toEqual(['a']);
    expect(errors.map(formatManifestError)).toEqual([
      'list.yaml:8: dat: unknown field; did you mean "data"?',
    ]);
  });

  it('names the nearest field for an unknown one, at its own line', () => {
    expect(
      messages(deployment.replace('image: web:1', 'image: web:1\n          imagePullPolcy: Always')),
    ).toEqual([
      'a.yaml:13: spec.template.spec.containers[0].imagePullPolcy: unknown field; did you mean "imagePullPolicy"?',
    ]);
  });

  it('names the type that is wrong and the one that is wanted', () => {
    expect(messages(deployment.replace('spec:\n  selector', 'spec:\n  replicas: "3"\n  selector'))).toEqual([
      'a.yaml:6: spec.replicas: must be an integer, got string "3"',
    ]);
  });

  it('lists what is allowed for a word of a fixed set', () => {
    const [message] = messages(
      deployment.replace('image: web:1', 'image: web:1\n          imagePullPolicy: Sometimes'),
    );
    expect(message).toBe(
      'a.yaml:13: spec.template.spec.containers[0].imagePullPolicy: must be "Always", "IfNotPresent" or "Never", got string "Sometimes"',
    );
  });

  it('reports YAML that does not parse with its line, and still reads the other documents', () => {
    const { objects, errors } = loadManifests(`a: [1\nb: 2\n---\n${deployment}`, 'bad.yaml');
    expect(objects).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'Syntax', file: 'bad.yaml', line: 2 });
  });

  it('refuses a key that stands twice', () => {
    expect(messages(`${deployment}kind: Deployment\n`)).toEqual([
      expect.stringContaining('a.yaml:15: YAML: Map keys must be unique'),
    ]);
  });

  it('knows the kinds it validates, and names the right apiVersion or the nearest kind', () => {
    expect(messages('apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: a}')).toEqual([
      'a.yaml:1: apiVersion: Deployment is known as apps/v1, got string "extensions/v1beta1"',
    ]);
    expect(messages('apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: a}')).toEqual([
      'a.yaml:2: kind: unknown kind "Deploymnet" of apps/v1; did you mean Deployment?',
    ]);
    expect(messages('just text')).toEqual([
      'a.yaml:1: must be an object with apiVersion and kind, got string "just text"',
    ]);
    expect(messages('metadata: {name: a}')).toEqual([
      'a.yaml:1: apiVersion: is required (a string)',
      'a.yaml:1: kind: is required (a string)',
    ]);
  });

  it('reads scalars as kubectl does: octal modes and on are values, y and dates are text', () => {
    const { objects, errors } = loadManifests(
      deployment.replace(
        '      containers:',
        '      automountServiceAccountToken: off\n      volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]\n      containers:',
      ) +
        '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: y, b: 2001-01-01, c: "22:22", d: 22:22}\n',
      'a.yaml',
    );
    expect(errors).toEqual([]);
    expect(objects[0]?.object).toMatchObject({
      spec: {
        template: {
          spec: { automountServiceAccountToken: false, volumes: [{ secret: { defaultMode: 0o400 } }] },
        },
      },
    });
    expect(objects[1]?.object.data).toEqual({ a: 'y', b: '2001-01-01', c: '22:22', d: '22:22' });
  });

  it('drops nulls of maps as the API server does', () => {
    const { objects, errors } = loadManifests(
      deployment.replace('name: web\nspec', 'name: web\n  annotations:\n  labels: ~\nspec'),
      'a.yaml',
    );
    expect(errors).toEqual([]);
    expect(objects[0]?.object.metadata).toEqual({ name: 'web' });
  });

  it('follows anchors and merge keys', () => {
    const text = deployment
      .replace('metadata: {labels: {app: web}}', 'metadata: {labels: &l {app: web}}')
      .replace('metadata:\n  name: web', 'metadata:\n  name: web\n  labels: {tier: a}');
    expect(messages(text.replace('matchLabels: {app: web}', 'matchLabels: {app: other}'))).toEqual([
      'a.yaml:7: spec.selector: must match the labels of the pod template ({"app":"web"})',
    ]);
    expect(messages(text)).toEqual([]);
  });

  it('refuses anchors that contain themselves or explode', () => {
    expect(messages('&a [*a]')).toEqual(['a.yaml:1: YAML: an anchor contains itself']);
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
    ];
    expect(messages(bomb.join('\n'))).toEqual([expect.stringContaining('Excessive alias count')]);
  });

  it('never throws, whatever the text', () => {
    for (const text of [
      '',
      '\u0000',
      '- 1',
      '!!binary x',
      '&a [*a]',
      '{',
      'a: *b',
      '%YAML 9',
      '? {a: 1}\n: b',
    ]) {
      expect(() => loadManifests(text, 'x')).not.toThrow();
    }
  });
});
