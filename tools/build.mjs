// npm run build: installs what is missing and builds every bundle that changed.
import { ensureBuilt, ensureInstalled } from './setup.mjs';

ensureInstalled();
ensureBuilt();
