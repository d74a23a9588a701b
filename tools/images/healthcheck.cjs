// HEALTHCHECK of every image: exit 0 when /readyz answers 200, else 1 and why. There is no shell and no curl in the image.
'use strict';
const { get } = require('node:http');
const { health, workerHealth } = require('./healthcheck.json');

const target = process.env.ROLE === 'worker' && workerHealth ? workerHealth : health;
if (target) {
  const port = process.env[target.variable] || target.port;
  const fail = (why) => {
    console.error(`http://127.0.0.1:${port}/readyz: ${why}`);
    process.exit(1);
  };
  get({ host: '127.0.0.1', port, path: '/readyz', timeout: 2_000, agent: false }, (answer) => {
    if (answer.statusCode !== 200) fail(`status ${answer.statusCode}`);
    process.exit(0);
  })
    .on('timeout', () => fail('no answer in 2 s'))
    .on('error', (error) => fail(error.message));
}
