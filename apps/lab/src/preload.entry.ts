import { install } from './network/preload/install';

install(process.env);
