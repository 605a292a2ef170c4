// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBallotCounter} from "../src/interfaces/IBallotCounter.sol";
import {Paper} from "./Signing.sol";
import {World} from "./World.sol";

/// The rules of counting once more, as plainly as they can be said, beside the contract that is to follow them.
abstract contract Model is World {
    enum Fault {
        None,
        OtherKey,
        BentSignature,
        Twin,
        OtherReason,
        OtherProposal,
        OtherChoice
    }

    struct Item {
        Paper paper;
        Fault fault;
        bool isCutOff;
    }

    IBallotCounter internal counter;
    bytes32 internal domain;
    uint256 internal proposal;
    uint256 internal lastSequence;
    bool internal isFinal;

    mapping(uint256 seat => uint8) internal markOf;
    uint256[4] internal tally;
    bytes internal counted;
    bytes internal skipped;

    function isDead(uint256 voter) internal pure returns (bool) {
        return voter % 13 == 12;
    }

    function isSeated(uint256 voter) internal pure virtual returns (bool);

    /// An item from a number: mostly good, in every way sometimes bad.
    function itemOf(uint256 x) internal view returns (Item memory item) {
        uint256 seat = (x & 0xff) % (VOTERS + 4);
        uint256 choice = (x >> 8) % 16 == 0 ? 4 : (x >> 8) % 7 == 0 ? 0 : 1 + ((x >> 16) % 3);
        uint256 sequence = (x >> 24) % 8 == 0 ? (x >> 32) % 16 : 1 + ((x >> 32) % 3);
        item.paper = paper(proposal, seat, sequence, choice);
        if ((x >> 40) % 3 == 0) item.paper.reason = keccak256(abi.encode(x));
        if ((x >> 48) % 3 == 0) item.fault = Fault((x >> 56) % 7);
    }

    function write(Item memory item) internal view returns (bytes memory raw) {
        Paper memory p = item.paper;
        uint256 key = p.seat == 0 || p.seat > VOTERS ? keyOf(900) : keyOf(p.seat - 1);
        if (item.fault == Fault.OtherKey) key = keyOf(901);
        if (item.fault == Fault.Twin) return twin(domain, p, key);
        if (item.fault == Fault.OtherProposal) p.proposalId ^= 1;
        if (item.fault == Fault.OtherChoice) p.choice = "Maybe";
        raw = record(domain, p, key);
        (p.proposalId, p.choice) = (proposal, (p.mark & 15) < 4 ? words[p.mark & 15] : "");
        if (item.fault == Fault.BentSignature) raw[37 + (p.mark % 32)] ^= 0x01;
        if (item.fault == Fault.OtherReason) {
            if (raw.length == 69) raw = bytes.concat(bytes1(uint8(raw[0]) | 0x80), tail(raw, 1), bytes32(uint256(1)));
            else raw[100] ^= 0x01;
        }
    }

    /// Why the item does not count, or 0.
    function judge(Item memory item) internal view returns (uint8) {
        Paper memory p = item.paper;
        (uint256 choice, uint256 sequence, uint256 old) = (p.mark & 15, p.mark >> 4, markOf[p.seat]);
        if (item.isCutOff || choice == 0 || choice > 3 || sequence == 0 || sequence > lastSequence) return 1;
        if (old != 0 && (isFinal || sequence <= old >> 4)) return 1;
        if (p.seat == 0 || p.seat > VOTERS || !isSeated(p.seat - 1)) return 2;
        if (isDead(p.seat - 1)) return 5;
        if (item.fault != Fault.None) return 3;
        return stakeOf(p.seat - 1) != 0 ? 0 : 4;
    }

    function apply_(Item memory item) internal returns (uint8 why) {
        Paper memory p = item.paper;
        why = judge(item);
        if (why != 0) {
            skipped = bytes.concat(skipped, abi.encodePacked(p.seat, why));
            return why;
        }
        uint256 weight = stakeOf(p.seat - 1);
        if (markOf[p.seat] != 0) tally[markOf[p.seat] & 15] -= weight;
        tally[p.mark & 15] += weight;
        markOf[p.seat] = p.mark;
        counted = bytes.concat(counted, abi.encodePacked(p.seat, p.mark, uint96(weight)));
    }

    function votes() internal view virtual returns (uint256[4] memory);

    function compare() internal view {
        uint256[4] memory real = votes();
        for (uint256 c = 1; c < 4; ++c) vm.assertEq(real[c], tally[c], words[c]);
        for (uint256 seat; seat < VOTERS + 4; ++seat) {
            vm.assertEq(counter.markOf(proposal, seat), markOf[seat], string.concat("mark of seat ", vm.toString(seat)));
        }
    }

    function endSome() internal {
        for (uint256 voter; voter < VOTERS; ++voter) {
            if (!isDead(voter)) continue;
            vm.prank(accountOf(voter));
            ids.deactivate(voter + 1);
        }
    }

    function tail(bytes memory raw, uint256 from) internal pure returns (bytes memory rest) {
        rest = new bytes(raw.length - from);
        for (uint256 i; i < rest.length; ++i) rest[i] = raw[from + i];
    }
}
