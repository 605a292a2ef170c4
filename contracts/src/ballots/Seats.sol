// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISeats} from "../interfaces/ISeats.sol";
import {LiveIds} from "./LiveIds.sol";

/// Who gets which seat. Account and seat are one to one for ever, so that one account's weight is never counted in two
/// seats; an Auto ID that went to another account leaves its old seat dead, so that it never speaks from two.
abstract contract Seats is ISeats, LiveIds {
    mapping(address => uint32) internal _seatOf;
    mapping(uint256 autoId => uint32) private _seatOfId;

    /// @inheritdoc ISeats
    uint32 public seats;

    /// @param moved whether the Auto ID spoke from another seat before
    function _seat(uint32 seat, address account, uint256 autoId, bool moved) internal virtual;

    function _vacate(uint32 seat) internal virtual;

    function _autoIdIn(uint32 seat) internal view virtual returns (uint256);

    /// @inheritdoc ISeats
    function enrol(uint256[] calldata ids) external returns (uint256 taken) {
        for (uint256 i; i < ids.length; ++i) {
            // Seat records keep 31 bits of an id.
            if (ids[i] >> 31 == 0 && _enrol(ids[i])) ++taken;
        }
    }

    function _enrol(uint256 autoId) private returns (bool) {
        address account = AUTO_IDS.liveControllerOf(autoId);
        if (account == address(0)) return false;
        uint32 seat = _seatOf[account];
        if (seat != 0 && _autoIdIn(seat) == autoId) return false;

        uint32 previous = _seatOfId[autoId];
        if (previous != 0 && _autoIdIn(previous) == autoId) {
            _vacate(previous);
            emit SeatVacated(previous, autoId);
        }
        if (seat == 0) {
            seat = ++seats;
            _seatOf[account] = seat;
        }
        _seatOfId[autoId] = seat;
        _seat(seat, account, autoId, previous != 0);
        emit SeatTaken(seat, autoId, account);
        return true;
    }
}
