export { publication } from './publication';
export { QueryServer, type QueryServerOptions } from './query-server';
export { Scraper, type ScraperOptions } from './scraper';
