// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch. `BallotWire` knows the places of the fields before `words`; the order is part of it.
struct Batch {
    // 0x00: the ballot at hand as EIP-712 hashes it
    bytes32 typeHash;
    uint256 proposalId;
    bytes32 proposal;
    bytes32 choice;
    uint256 seat;
    uint256 sequence;
    bytes32 reason;
    // 0xe0: what is signed; the prefix is 0x1901
    uint256 prefix;
    bytes32 domain;
    bytes32 structHash;
    // 0x140: what is asked of ecrecover
    bytes32 digest;
    uint256 v;
    bytes32 r;
    bytes32 s;
    // 0x1c0: the mark of the ballot at hand; the last sequence there is, the highest mark a ballot may stand after
    uint256 mark;
    uint256 lastSequence;
    uint256 highestOld;
    // 0x220: hash of each choice in words, and the difference to its votes in two's complement; both from place 1
    bytes32[] words;
    uint256[] tally;
    // 0x260: the status word at hand
    uint256 wordIndex;
    uint256 word;
    uint256 wordBefore;
    uint256 wordSlot;
    // 0x2e0: what came of it
    bytes counted;
    bytes skipped;
    // 0x320: the calldata: the record at hand, the one after it, the end; its number, from 1
    uint256 at;
    uint256 next;
    uint256 end;
    uint256 number;
    // why the ballot at hand does not count
    uint256 why;
    // what the heirs keep
    uint256 snapshot;
    uint256 source;
    uint256[] book;
    uint256[] live;
    // who sits in the seat at hand, and whose signature a ballot that came alone brings
    address account;
    uint256 autoId;
    address signer;
    bytes signature;
}
