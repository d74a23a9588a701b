// Prints where Groovy and Java are, as JSON: {jar, java} or {skipped}.
import { join } from 'node:path';
import { findProgram } from '../release/program.mjs';
import { provideGroovy } from './vendored.mjs';

const java = findProgram('java');
const provided = java ? provideGroovy() : { skipped: 'java is not in PATH' };
console.log(
  JSON.stringify(
    provided.skipped ? { skipped: provided.skipped } : { jar: join(provided.folder, 'groovy.jar'), java },
  ),
);
