import { acceptedRequestId, randomHex } from './request-id';
import { childTraceparent, parseTraceparent } from './traceparent';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';

describe('parseTraceparent', () => {
  it('reads version 00, and the first four fields of later versions', () => {
    expect(parseTraceparent(`00-${traceId}-${parentId}-01`)).toEqual({ traceId, parentId, flags: '01' });
    expect(parseTraceparent(`cc-${traceId}-${parentId}-00-what-comes`)).toEqual({
      traceId,
      parentId,
      flags: '00',
    });
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `00-${traceId}-${parentId}`,
    `00-${traceId}-${parentId}-01-more`,
    `ff-${traceId}-${parentId}-01`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${parentId}-zz`,
  ])('refuses %j', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('childTraceparent', () => {
  it('is a valid header of the same trace with another span each time', () => {
    const [one, two] = [
      childTraceparent({ traceId, flags: '01' }),
      childTraceparent({ traceId, flags: '01' }),
    ];
    expect(parseTraceparent(one)).toMatchObject({ traceId, flags: '01' });
    expect(one).not.toBe(two);
  });
});

describe('request ids', () => {
  it('do not repeat, over the end of the pool too', () => {
    const ids = Array.from({ length: 5000 }, () => randomHex(16));
    expect(new Set(ids).size).toBe(5000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });

  it.each(['a', 'order:42/a.b', 'A_b-c+d=e@f', 'x'.repeat(128)])('accept %j', (id) => {
    expect(acceptedRequestId(id)).toBe(id);
  });

  it.each([undefined, '', 'a b', 'a"b', 'a\nb', 'é', 'x'.repeat(129), '<script>'])('refuse %j', (id) => {
    expect(acceptedRequestId(id)).toBeUndefined();
  });
});
