import { evaluate } from './testing/evaluate';

describe('the size of what is ours in an image', () => {
  const history = (own: number) => [
    { bytes: 0, createdBy: 'ENTRYPOINT ["/usr/local/bin/node" "/app/main.cjs"]' },
    { bytes: own, createdBy: 'COPY /app /app # buildkit' },
    { bytes: 126_000_000, createdBy: 'COPY /usr/local/bin/node /usr/local/bin/node # buildkit' },
    { bytes: 0, createdBy: 'ARG APP' },
    { bytes: 15_000_000, createdBy: '' },
  ];
  const check = (image: number, own: number) =>
    evaluate(
      'images/real-checks.mjs',
      `m.sizeCheck({ inspect: () => ({ Size: input.image }), run: () => input.layers.map((l) => l.bytes + '\\t' + l.createdBy).join('\\n') }, 'x').problems`,
      { image, layers: history(own) },
    );

  it('leaves out the base and Node', () => {
    expect(evaluate('images/real-checks.mjs', 'm.ownBytes(input)', history(2_000_000))).toBe(2_000_000);
  });

  it.each([
    [145_000_000, 4_000_000, 0],
    [181_000_000, 4_000_000, 1],
    [160_000_000, 10_500_000, 1],
  ])('an image of %d bytes, %d of them ours, has %d problems', (image, own, count) => {
    expect(check(image, own)).toHaveLength(count);
  });

  it('refuses an image of another Dockerfile', () => {
    expect(() =>
      evaluate('images/real-checks.mjs', 'm.ownBytes(input)', [{ bytes: 1, createdBy: 'CMD' }]),
    ).toThrow('not an image of this Dockerfile');
  });
});

describe('charts and images', () => {
  const deployment = (image: string, user: number, port: number) => `
kind: Deployment
metadata: { name: d }
spec:
  template:
    spec:
      securityContext: { runAsUser: ${user} }
      containers: [{ name: c, image: "${image}", ports: [{ containerPort: ${port} }] }]`;
  const problems = (text: string) =>
    (
      evaluate('images/chart-agreement.mjs', 'm.agreement(input, "f.yaml", { tag: "1" })', text) as {
        problems: string[];
      }
    ).problems;

  it('agree', () => {
    expect(problems(deployment('ghcr.io/scalelab/http-demo:1', 1000, 8080))).toEqual([]);
    expect(problems(deployment('ghcr.io/scalelab/sqs-worker:1', 1000, 5003))).toEqual([]);
  });

  it.each([
    [deployment('ghcr.io/scalelab/http-dmo:1', 1000, 8080), 'no image is called http-dmo'],
    [deployment('ghcr.io/scalelab/http-demo:2', 1000, 8080), 'asks for the tag 2'],
    [deployment('ghcr.io/scalelab/http-demo:1', 65532, 8080), 'runs as user 65532'],
    [deployment('ghcr.io/scalelab/http-demo:1', 1000, 80), 'asks 8080'],
    [
      'kind: CronJob\nmetadata: { name: j }\nspec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "r/health-check:1" }] } } } } }',
      'runs as user undefined',
    ],
  ])('differ: %#', (text, message) => {
    expect(problems(text)).toEqual([expect.stringContaining(message)]);
  });
});
