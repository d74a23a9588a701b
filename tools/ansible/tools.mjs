// For tests: where Ansible and Helm are, as JSON on stdout; fetches nothing.
import { findHelm } from '../charts/helm.mjs';
import { findAnsible } from './tool.mjs';

const ansible = findAnsible({ fetch: false });
const helm = findHelm({ fetch: false });
const skipped = ansible.skipped ?? helm.skipped;
console.log(JSON.stringify(skipped ? { skipped } : { bin: ansible.bin, helm: helm.path }));
