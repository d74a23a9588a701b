import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportPage } from '@scalelab/plots';
import { encodeRecording, projectReport, type Recording, type Report } from '@scalelab/recording';

/** Writes recording.jsonl, report.json and report.html; the last two are projections of the first. */
export async function writeReport(folder: string, recording: Recording): Promise<Report> {
  const report = projectReport(recording);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'recording.jsonl'), encodeRecording(recording));
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  await writeFile(join(folder, 'report.html'), reportPage(report, recording));
  return report;
}
