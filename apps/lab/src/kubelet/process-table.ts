import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessRow {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
  /** User and system time of the process and of its children that ended, s. */
  readonly cpuSeconds: number;
  readonly residentBytes: number;
}

/** A snapshot of the processes of this machine. */
export interface ProcessTable {
  read(): Promise<ProcessRow[]>;
  /** Bytes that cannot be given back (without mapped files), the measure of memory limits; 0 when the process is gone. */
  unreclaimableBytes(row: ProcessRow): number;
  /** What the process had the storage read and write so far; undefined where the system does not tell, or the process is gone. */
  storage(row: ProcessRow): StorageBytes | undefined;
}

export interface StorageBytes {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** The table of this platform: /proc on Linux, `ps` elsewhere. */
export function processTable(): ProcessTable {
  return process.platform === 'linux' ? new ProcTable() : new PsTable();
}

/** Ticks of /proc times a second: the same on every Linux that Node runs on. */
const ticks = 100;

class ProcTable implements ProcessTable {
  private readonly pageBytes = pageSize();

  read(): Promise<ProcessRow[]> {
    const rows: ProcessRow[] = [];
    for (const name of readdirSync('/proc')) {
      const first = name.charCodeAt(0);
      if (first < 0x31 || first > 0x39) continue;
      const text = readText(`/proc/${name}/stat`);
      if (text === undefined) continue;
      // The command's name may hold blanks and brackets; what follows the last bracket is regular.
      const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const field = (index: number): number => Number(fields[index - 3]);
      rows.push({
        pid: Number(name),
        group: field(5),
        session: field(6),
        cpuSeconds: (field(14) + field(15) + field(16) + field(17)) / ticks,
        residentBytes: field(24) * this.pageBytes,
      });
    }
    return Promise.resolve(rows);
  }

  unreclaimableBytes(row: ProcessRow): number {
    const [, resident = 0, shared = 0] = (readText(`/proc/${row.pid}/statm`) ?? '').split(' ').map(Number);
    return (resident - shared) * this.pageBytes;
  }

  storage(row: ProcessRow): StorageBytes | undefined {
    const text = readText(`/proc/${row.pid}/io`);
    const field = (name: string): number =>
      Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text ?? '')?.[1]);
    return text === undefined
      ? undefined
      : { readBytes: field('read_bytes'), writtenBytes: field('write_bytes') };
  }
}

class PsTable implements ProcessTable {
  read(): Promise<ProcessRow[]> {
    return new Promise((resolve, reject) => {
      execFile(
        'ps',
        ['-A', '-o', 'pid=,pgid=,sess=,rss=,time='],
        { maxBuffer: 16 * 1024 * 1024 },
        (error, stdout) => {
          if (error) reject(error);
          else resolve(stdout.split('\n').filter(Boolean).map(parsePsLine));
        },
      );
    });
  }

  unreclaimableBytes(row: ProcessRow): number {
    return row.residentBytes;
  }

  storage(): undefined {
    return undefined;
  }
}

export function parsePsLine(line: string): ProcessRow {
  const [pid, group, session, rss, time = '0'] = line.trim().split(/\s+/);
  // [[days-]hours:]minutes:seconds[.hundredths]
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  const seconds = (clock ?? '0').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return {
    pid: Number(pid),
    group: Number(group),
    session: Number(session),
    cpuSeconds: Number(days) * 86_400 + seconds,
    residentBytes: Number(rss) * 1024,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

/** Bytes of a memory page, from two measures of the same thing: Node has no call for it. */
function pageSize(): number {
  const pages = Number((readText('/proc/self/statm') ?? '').split(' ')[1] ?? 0);
  const ratio = pages > 0 ? process.memoryUsage.rss() / pages : 4096;
  return 2 ** Math.round(Math.log2(ratio));
}
