// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPolls} from "../interfaces/IPolls.sol";
import {HashList} from "../lib/HashList.sol";
import {Question} from "./Sheet.sol";

/// What a poll may be, how it is kept, and how its answers are written. Kept are, as code: the rules, the hash of the text,
/// that of the title, those of the options.
library PollRules {
    uint256 internal constant MAX_TITLE = 200;
    uint256 internal constant MAX_LABEL = 100;
    uint256 internal constant MAX_BODY = 20_000;
    uint256 internal constant MAX_MULTIHASH = 200;

    bytes32 private constant ABSTAIN = keccak256("Abstain");
    bytes32 private constant ANSWER_TYPE = keccak256("Answer(string poll,string[] choice)");
    uint256 private constant HEAD = 3;

    function write(IPolls.PollParams calldata p) internal returns (address words) {
        bytes32[] memory list = new bytes32[](HEAD + p.options.length);
        _check(p);
        list[0] = bytes32(
            uint256(p.kind) | (uint256(p.majority) << 8) | (uint256(p.fallback_) << 16) | (uint256(p.minimum) << 24)
        );
        list[1] = keccak256(bytes(p.body));
        list[2] = keccak256(bytes(p.title));
        for (uint256 i; i < p.options.length; ++i) {
            uint256 length = bytes(p.options[i]).length;
            bytes32 hash = keccak256(bytes(p.options[i]));
            // Two ways to abstain would not mean the same.
            if (length == 0 || length > MAX_LABEL || hash == ABSTAIN) revert IPolls.BadOptions();
            for (uint256 j = HEAD; j < HEAD + i; ++j) {
                if (list[j] == hash) revert IPolls.BadOptions();
            }
            list[HEAD + i] = hash;
        }
        return HashList.write(list);
    }

    function read(address words) internal view returns (IPolls.PollRecord memory r) {
        bytes32[] memory list = HashList.read(words);
        uint256 rules = uint256(list[0]);
        r.kind = IPolls.Kind(uint8(rules));
        r.majority = IPolls.Majority(uint8(rules >> 8));
        r.fallback_ = uint8(rules >> 16);
        r.minimum = uint96(rules >> 24);
        (r.content, r.title) = (list[1], list[2]);
        r.options = new bytes32[](list.length - HEAD);
        for (uint256 i; i < r.options.length; ++i) r.options[i] = list[HEAD + i];
    }

    function question(uint256 poll, address words) internal view returns (Question memory q) {
        bytes32[] memory list = HashList.read(words);
        q.poll = poll;
        q.kind = uint8(uint256(list[0]));
        q.options = list.length - HEAD;
        q.width = width(q.kind, q.options);
        q.mask = (1 << q.width) - 1;
        q.typeHash = ANSWER_TYPE;
        q.title = list[2];
        bool isSingle = q.kind == uint256(IPolls.Kind.Single);
        if (isSingle) q.known = new uint256[](q.mask + 1);
        q.tally = new uint256[](isSingle ? q.mask + 1 : q.options + 2);
        // The title's place is before the options.
        list[2] = ABSTAIN;
        uint256 at;
        assembly ("memory-safe") {
            at := add(list, 0x60)
        }
        q.words = at;
    }

    /// Bits of an answer; all of them set is never an answer but to abstain.
    function width(uint256 kind, uint256 options) internal pure returns (uint256) {
        if (kind == uint256(IPolls.Kind.Ranked)) return options * 4;
        if (kind == uint256(IPolls.Kind.Approval)) return options + 1;
        return options < 15 ? 4 : 5;
    }

    function _check(IPolls.PollParams calldata p) private pure {
        uint256 most = p.kind == IPolls.Kind.Single ? 15 : p.kind == IPolls.Kind.Approval ? 24 : 8;
        if (p.options.length < 2 || p.options.length > most) revert IPolls.BadOptions();
        if (bytes(p.title).length == 0 || bytes(p.title).length > MAX_TITLE) revert IPolls.BadTitle();
        if (bytes(p.body).length > MAX_BODY || bytes(p.multihash).length > MAX_MULTIHASH) revert IPolls.BadBody();
        if (p.fallback_ > p.options.length) revert IPolls.BadRules();
        if (p.kind == IPolls.Kind.Ranked && p.majority == IPolls.Majority.None) revert IPolls.BadRules();
    }
}
