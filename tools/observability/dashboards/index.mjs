import { resources } from './resources.mjs';
import { scaling } from './scaling.mjs';
import { services } from './services.mjs';

export const dashboards = [scaling, services, resources];
