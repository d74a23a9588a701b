// Loaded before a service by warm.mjs: writes the compile cache on SIGUSR2, whatever the service waits for at that moment.
'use strict';
const { flushCompileCache } = require('node:module');

process.on('SIGUSR2', () => {
  flushCompileCache();
  process.exit(0);
});
