export type MetricType = 'counter' | 'gauge';

/** Empty values are left out, as Prometheus takes them for absent. */
export type SampleLabels = Readonly<Record<string, string | undefined>>;

/** Builds a page in Prometheus' text format (version 0.0.4), family by family. */
export class Exposition {
  private readonly lines: string[] = [];

  /** Writes a family's head at its first sample, so that one without samples leaves no trace. */
  family(name: string, type: MetricType, help: string): (labels: SampleLabels, value: number) => void {
    let begun = false;
    return (labels, value) => {
      if (!begun) this.lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
      begun = true;
      this.lines.push(`${name}${labelText(labels)} ${valueText(value)}`);
    };
  }

  toString(): string {
    return this.lines.length === 0 ? '' : `${this.lines.join('\n')}\n`;
  }
}

function labelText(labels: SampleLabels): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(labels)) {
    if (value !== undefined && value !== '') pairs.push(`${name}="${escaped(value)}"`);
  }
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
