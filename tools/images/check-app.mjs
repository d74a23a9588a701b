// First step of the build, so that a wrong APP says so: node tools/images/check-app.mjs APP
import { appProblem } from './services.mjs';

const problem = appProblem(process.argv[2]);
if (problem) {
  console.error(`${problem}. Build with --build-arg APP=<one of them>, or with "npm run images".`);
  process.exit(2);
}
