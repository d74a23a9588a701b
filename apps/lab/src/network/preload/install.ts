import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { AddressBook } from '../address-book';
import { NameBook } from '../name-book';
import { parsePodNetwork, podNetworkVariable } from '../pod-network';
import { patchConnect } from './connect';
import { patchListen } from './listen';
import { patchLookup } from './lookup';

/** Gives this process its pod's view of the network; does nothing outside a pod. */
export function install(environment: NodeJS.ProcessEnv): void {
  const text = environment[podNetworkVariable];
  if (text === undefined) return;
  const network = parsePodNetwork(text);
  const book = new AddressBook(network.plan);
  const names = new NameBook(network.names);
  patchListen(network, book);
  patchConnect(network, book, names);
  patchLookup(network, names);
  os.hostname = () => network.hostname;
  syncBuiltinESMExports();
}
