export { AddressBook, type AddressPlan, type Entry, type RealAddress } from './address-book';
export { joinNetwork } from './join';
export { NameBook, type NameRecord, type Resolution } from './name-book';
export { Network, type NetworkOptions, type PodIdentity } from './network';
export { podNetworkVariable, type PodNetwork } from './pod-network';
export { DataPlane, type DataPlaneOptions } from './data-plane';
