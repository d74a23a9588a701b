import { amountText, counted, decimalText, percentText, quotientText } from './number-text';
import type { MetricTrace } from './trace';

describe('numbers in explanations', () => {
  it.each([
    [0, '0'],
    [5, '0.005'],
    [5900, '5.9'],
    [118_000, '118'],
    [-1500, '-1.5'],
    [-50, '-0.05'],
    [9223372036854775807n, '9223372036854775.807'],
  ])('%p milli-units are %s', (milli, text) => {
    expect(decimalText(milli)).toBe(text);
  });

  it.each([
    [5.9, '5.9'],
    [6, '6'],
    [1 / 3, '0.333'],
    [2 / 3, '0.667'],
    // As many decimals as it takes to see why it is rounded up.
    [5.0000004, '5.0000004'],
    [5.00000000004, '5.00000000004'],
    [28.000000000000004, '28.000000000000004'],
    [Infinity, 'Infinity'],
    [NaN, 'NaN'],
  ])('%p is shown as %s', (x, text) => {
    expect(quotientText(x)).toBe(text);
  });

  it.each([
    [0.9, '90 %'],
    [1.1, '110 %'],
    [0.1, '10 %'],
    [0.98765, '98.8 %'],
    [Infinity, 'no share'],
  ])('%p is %s', (ratio, text) => {
    expect(percentText(ratio)).toBe(text);
  });

  it.each([
    [0, '0 pods'],
    [1, '1 pod'],
    [2, '2 pods'],
  ])('%d: %s', (count, text) => {
    expect(counted(count, 'pod')).toBe(text);
  });

  it.each<[Partial<MetricTrace>, string]>([
    [{ type: 'External', name: 'memory' }, '134217728'],
    [{ type: 'Resource', name: 'memory' }, '128Mi'],
    [{ type: 'ContainerResource', name: 'memory' }, '128Mi'],
    [{ type: 'Resource', name: 'cpu' }, '134217728'],
  ])('an amount of %j is %s', (metric, text) => {
    expect(amountText(metric as MetricTrace, 134_217_728_000)).toBe(text);
  });
});
