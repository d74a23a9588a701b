// npm run mutation [-- FOLDER ...]: the mutation score of libs/scaling, folder by folder. See tools/mutation/README.md.
import { mutate } from './mutation/run.mjs';

process.exit(await mutate(process.argv.slice(2)));
