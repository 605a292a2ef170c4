// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Working memory of one batch. The first seven words are the ballot as EIP-712 hashes it, rewritten for each ballot.
struct Batch {
    bytes32 typeHash;
    uint256 proposalId;
    bytes32 proposal;
    bytes32 choice;
    uint256 seat;
    uint256 sequence;
    bytes32 reason;
    bytes32 domain;
    // what the counting contract fills in
    uint256 snapshot;
    uint256 lastSequence;
    bool isFinal;
    bytes32[] words;
    uint256 source;
    uint256[] book;
    // the ballot at hand
    uint256 mark;
    address account;
    // whose signature a ballot that came alone brings
    address signer;
    bytes signature;
    // the status word at hand
    uint256 wordIndex;
    uint256 wordSlot;
    uint256 word;
    uint256 wordBefore;
    // what came of it
    uint256[] tally;
    uint256[] liveWords;
    bytes counted;
    bytes skipped;
}

/// What was said of the choices: `words[c]` is the hash of choice c, `tally[c]` the difference to its votes in two's complement.
function choicesOf(Batch memory b) pure returns (uint256) {
    unchecked {
        return b.words.length - 1;
    }
}
