// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {Batch} from "../ballots/Batch.sol";
import {LiveIds} from "../ballots/LiveIds.sol";
import {Seats} from "../ballots/Seats.sol";
import {ISeats} from "../interfaces/ISeats.sol";
import {PollResults} from "./PollResults.sol";
import {Sheet} from "./Sheet.sol";

/// Polls weighed by any token that keeps past votes by the second; the seats are its own.
contract TokenPolls is PollResults, Seats {
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

    /// As in the polls of the Nomic DAO, a seat taken late counts unless its Auto ID spoke from another at the opening.
    function _voter(Batch memory b, Sheet memory) internal view override returns (uint256) {
        uint256 sitting = _sittings[b.seat];
        b.account = address(uint160(sitting));
        b.autoId = sitting >> 208;
        if (b.account == address(0) || uint48(sitting >> 160) > b.snapshot) return NO_SEAT;
        return _isLive(b) ? 0 : NOT_LIVE;
    }

    /// A token that fails for an account gives it no weight, rather than harm the others of the batch.
    function _weigh(Batch memory b) internal view override returns (uint256) {
        return _votesAt(b.account, b.snapshot);
    }

    function _weightOf(uint256 seat, uint256 timepoint) internal view override returns (uint256) {
        return _votesAt(address(uint160(_sittings[seat])), timepoint);
    }

    function _lastSeat() internal view override returns (uint256) {
        return seats;
    }

    /// Beyond 96 bits a weight is counted as that much, so that neither records nor tallies can overflow.
    function _votesAt(address account, uint256 timepoint) private view returns (uint256 votes) {
        address token = address(TOKEN);
        uint256 selector = uint32(IVotes.getPastVotes.selector);
        assembly ("memory-safe") {
            let p := mload(0x40)
            mstore(p, selector)
            mstore(add(p, 0x20), account)
            mstore(add(p, 0x40), timepoint)
            let ok := staticcall(gas(), token, add(p, 0x1c), 0x44, 0, 0x20)
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
