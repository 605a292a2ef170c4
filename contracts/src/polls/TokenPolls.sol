// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Batch, BATCH_ACCOUNT, BATCH_AUTO_ID, BATCH_CALL, BATCH_SEAT, BATCH_SNAPSHOT} from "../ballots/Batch.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {Seats} from "../ballots/Seats.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {PollResults} from "./PollResults.sol";
import {Sheet} from "./Sheet.sol";

/// Polls weighed by any token that keeps past votes by the second; the seats are its own.
contract TokenPolls is PollResults, Seats {
    /// More votes than a tally has room for.
    error TooManyVotes();

    IVotes public immutable TOKEN;
    /// Votes that it takes to open a poll.
    uint256 public immutable THRESHOLD;

    /// By seat: account, moved at << 160, autoId << 208. A list without a length, because its places need no hashing.
    uint256[1 << 32] private _sittings;

    constructor(
        string memory name,
        address registry,
        IVotes token,
        uint256 threshold
    ) EIP712(name, "1") LiveIds(registry) {
        TOKEN = token;
        THRESHOLD = threshold;
    }

    /// @inheritdoc ISeats
    function seatOf(address account) external view returns (uint32 seat, uint48 since) {
        seat = _seatOf[account];
        since = uint48(_sittings[seat] >> 160);
    }

    /// @inheritdoc ISeats
    function seatInfo(uint32 seat) external view returns (address account, uint48 since, uint48 autoId) {
        uint256 s = _sittings[seat];
        return (address(uint160(s)), uint48(s >> 160), uint48(s >> 208));
    }

    function _mayOpen(address account) internal view override {
        if (TOKEN.getPastVotes(account, block.timestamp - 1) < THRESHOLD) revert TooFewVotes();
    }

    /// Votes of one moment are at most all there were, and a tally has room for those of 96 bits.
    function _lookUp(Batch memory b, uint256) internal view override {
        if (TOKEN.getPastTotalSupply(b.snapshot) > type(uint96).max) revert TooManyVotes();
        b.source = address(TOKEN);
        b.question = uint32(IVotes.getPastVotes.selector);
    }

    /// As in the polls of the Nomic DAO, a seat taken late counts unless its Auto ID spoke from another at the opening.
    function _voter(Batch memory b, Sheet memory) internal view override returns (uint256 why) {
        assembly ("memory-safe") {
            let sitting := sload(add(_sittings.slot, mload(add(b, BATCH_SEAT))))
            let account := shr(96, shl(96, sitting))
            let movedAt := and(shr(160, sitting), 0xffffffffffff)
            mstore(add(b, BATCH_ACCOUNT), account)
            mstore(add(b, BATCH_AUTO_ID), shr(208, sitting))
            why := mul(NO_SEAT, or(iszero(account), gt(movedAt, mload(add(b, BATCH_SNAPSHOT)))))
        }
        if (why != 0 || _isLive(b)) return why;
        return NOT_LIVE;
    }

    function _weigh(Batch memory b) internal view override returns (uint256) {
        return _ask(b);
    }

    function _weightOf(Batch memory b) internal view override returns (uint256) {
        b.account = address(uint160(_sittings[b.seat]));
        return _ask(b);
    }

    function _lastSeat() internal view override returns (uint256) {
        return seats;
    }

    /// For the account and snapshot at hand. A token that fails gives no weight, rather than harm the others of the batch; one
    /// that says more than there is is cut.
    function _ask(Batch memory b) private view returns (uint256 votes) {
        address source = b.source;
        assembly ("memory-safe") {
            // Selector, account and snapshot lie side by side in the batch.
            let ok := staticcall(gas(), source, add(b, BATCH_CALL), 0x44, 0, 0x20)
            votes := mul(and(ok, gt(returndatasize(), 0x1f)), mload(0))
        }
        if (votes > type(uint96).max) votes = type(uint96).max;
    }

    function _seat(uint32 seat, address account, uint256 autoId, bool moved) internal override {
        uint256 at = moved ? block.timestamp : uint48(_sittings[seat] >> 160);
        _sittings[seat] = (autoId << 208) | (at << 160) | uint160(account);
    }

    function _vacate(uint32 seat) internal override {
        _sittings[seat] &= (1 << 208) - 1;
    }

    function _autoIdIn(uint32 seat) internal view override returns (uint256) {
        return _sittings[seat] >> 208;
    }
}
