// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Batch, BATCH_ACCOUNT, BATCH_AUTO_ID, BATCH_ENTRY, BATCH_SNAPSHOT, BATCH_VOTES} from "../ballots/Batch.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {IVoiceBook} from "../interfaces/IVoiceBook.sol";
import {PollResults} from "../polls/PollResults.sol";
import {Sheet} from "../polls/Sheet.sol";

/// Polls of the Nomic DAO, weighed by NOMIC through its voice book; minds may be changed until the close.
contract Polls is PollResults {
    /// Votes that changed after the opening: those at the opening are to be asked for.
    uint256 private constant UNKNOWN = type(uint256).max;

    address public immutable NOMIC;
    /// Votes that it takes to open a poll.
    uint256 public immutable THRESHOLD;

    constructor(address nomic, uint256 threshold) EIP712("Nomic Polls", "1") LiveIds(LiveIds(nomic).autoIds()) {
        NOMIC = nomic;
        THRESHOLD = threshold;
    }

    /// Seats are those of the voice book.
    function seatOf(address account) external view returns (uint32 seat, uint48 since) {
        return ISeats(NOMIC).seatOf(account);
    }

    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId) {
        return ISeats(NOMIC).seatInfo(seat);
    }

    function seats() external view returns (uint32) {
        return ISeats(NOMIC).seats();
    }

    function enrol(uint256[] calldata ids) external returns (uint256) {
        return ISeats(NOMIC).enrol(ids);
    }

    function _mayOpen(address account) internal view override {
        if (IVotes(NOMIC).getPastVotes(account, block.timestamp - 1) < THRESHOLD) revert TooFewVotes();
    }

    /// All entries of the batch in one call, whose answer is kept as it comes: two words a ballot.
    function _lookUp(Batch memory b, uint256 size) internal view override {
        address nomic = NOMIC;
        bytes4 selector = IVoiceBook.entries.selector;
        (uint256 at, uint256 end) = (b.next, b.end);
        uint256 alone = b.seat;
        assembly ("memory-safe") {
            let call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 0x04), 0x20)
            let p := add(call_, 0x44)
            for {} lt(at, end) {} {
                let seat := shr(224, calldataload(at))
                mstore(p, and(seat, 0x7fffffff))
                p := add(p, 0x20)
                at := add(at, add(size, shl(5, shr(31, seat))))
            }
            if alone {
                mstore(p, alone)
                p := add(p, 0x20)
            }
            mstore(add(call_, 0x24), shr(5, sub(p, add(call_, 0x44))))
            if iszero(staticcall(gas(), nomic, call_, sub(p, call_), 0, 0)) {
                revert(0, 0)
            }
            // Behind two words, where the list is and how long, there are two for each ballot.
            returndatacopy(call_, 0, returndatasize())
            mstore(0x40, add(call_, returndatasize()))
            mstore(add(b, BATCH_ENTRY), add(call_, shl(6, gt(alone, 0))))
        }
    }

    /// A seat taken late counts too, because there is no second way to vote; not so when its Auto ID spoke from another
    /// seat at the opening, or it could speak twice.
    function _voter(Batch memory b, Sheet memory s) internal view override returns (uint256) {
        uint256 side;
        uint256 isPlain;
        assembly ("memory-safe") {
            let voice := mload(mload(add(b, BATCH_ENTRY)))
            side := mload(add(mload(add(b, BATCH_ENTRY)), 0x20))
            let account := shr(96, voice)
            let votes := shr(160, shl(160, voice))
            mstore(add(b, BATCH_ACCOUNT), account)
            mstore(add(b, BATCH_AUTO_ID), and(side, 0x7fffffff))
            mstore(add(b, BATCH_VOTES), votes)
            // Without the bit for moved Auto IDs, the upper half is the time of the last change.
            isPlain := and(and(gt(account, 0), gt(votes, 0)), iszero(gt(shr(31, side), mload(add(b, BATCH_SNAPSHOT)))))
        }
        if (isPlain == 0) {
            uint256 why = _look(b, s, side);
            if (why != 0) return why;
        }
        if (_isLive(b)) return 0;
        return NOT_LIVE;
    }

    function _look(Batch memory b, Sheet memory s, uint256 side) private view returns (uint256 why) {
        if (b.account == address(0)) return NO_SEAT;
        if (side >> 63 != 0 && IVoiceBook(NOMIC).movedAt(b.seat) > b.snapshot) return NO_SEAT;
        if (uint32(side >> 31) > b.snapshot) b.votes = UNKNOWN;
        else if (b.votes == 0 && !s.isAtClose) return _isLive(b) ? NO_WEIGHT : NOT_LIVE;
    }

    function _weigh(Batch memory b) internal view override returns (uint256 votes) {
        votes = b.votes;
        if (votes == UNKNOWN) votes = IVotes(NOMIC).getPastVotes(b.account, b.snapshot);
    }

    function _weightOf(Batch memory b) internal view override returns (uint256) {
        (address account, , ) = ISeats(NOMIC).seatInfo(uint32(b.seat));
        return IVotes(NOMIC).getPastVotes(account, b.snapshot);
    }

    function _lastSeat() internal view override returns (uint256) {
        return ISeats(NOMIC).seats();
    }
}
