import { headerOf, type RequestHead } from './http-head';
import type { RuleState } from './message';
import type { Route } from './route';

interface Match {
  readonly route: Route;
  /** Compared in order: the host pattern's, then the path prefix's, then the number of headers. */
  readonly rank: readonly [number, number, number];
}

/** Which InterceptorRoute a request belongs to: the exact host before wildcards, then the longest path, then the most headers. */
export class RouteTable {
  private readonly routes = new Map<string, Route>();

  get(key: string): Route | undefined {
    return this.routes.get(key);
  }

  set(route: Route): void {
    this.routes.set(route.key, route);
  }

  delete(key: string): void {
    this.routes.delete(key);
  }

  all(): IterableIterator<Route> {
    return this.routes.values();
  }

  find(head: RequestHead, text: string): Route | undefined {
    let best: Match | undefined;
    for (const route of this.routes.values()) {
      for (const rule of route.state.rules.length > 0 ? route.state.rules : [{}]) {
        const rank = rankOf(rule, head, text);
        if (rank && (!best || isBetter(rank, best.rank))) best = { route, rank };
      }
    }
    return best?.route;
  }
}

function isBetter(a: Match['rank'], b: Match['rank']): boolean {
  const index = a.findIndex((value, i) => value !== b[i]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}

/** How well a rule fits; undefined when it does not. */
function rankOf(rule: RuleState, head: RequestHead, text: string): Match['rank'] | undefined {
  const host = best(rule.hosts, (pattern) => hostRank(pattern, head.host));
  const path = best(rule.paths, (prefix) => (head.target.startsWith(prefix) ? prefix.length : undefined));
  if (host === undefined || path === undefined) return undefined;
  for (const { name, value } of rule.headers ?? []) {
    const given = headerOf(text, name);
    if (given === undefined || (value !== undefined && given !== value)) return undefined;
  }
  return [host, path, rule.headers?.length ?? 0];
}

/** 0 when there is nothing to match, undefined when nothing does. */
function best(
  patterns: readonly string[] | undefined,
  rank: (pattern: string) => number | undefined,
): number | undefined {
  if (!patterns || patterns.length === 0) return 0;
  let found: number | undefined;
  for (const pattern of patterns) {
    const value = rank(pattern);
    if (value !== undefined && (found === undefined || value > found)) found = value;
  }
  return found;
}

function hostRank(pattern: string, host: string): number | undefined {
  const wanted = pattern.toLowerCase();
  if (wanted === host) return 1_000;
  if (wanted === '*') return 1;
  return wanted.startsWith('*.') && host.endsWith(wanted.slice(1)) ? 1 + wanted.length : undefined;
}
