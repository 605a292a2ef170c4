// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISpell} from "../interfaces/ISpell.sol";
import {OfficeHours} from "../lib/OfficeHours.sol";
import {Pause} from "./Pause.sol";

/// What all spells have in common; an heir says what is done, in which words, and until when. Office hours are for the
/// action to demand, because anybody may execute a plan without the spell.
abstract contract Spell is ISpell {
    Pause public immutable PAUSE;

    /// @inheritdoc ISpell
    uint48 public eta;

    constructor(Pause pause) {
        PAUSE = pause;
    }

    /// @inheritdoc ISpell
    function action() public view virtual returns (address);

    /// @inheritdoc ISpell
    function codeHash() public view virtual returns (bytes32);

    /// @inheritdoc ISpell
    function call() public view virtual returns (bytes memory);

    /// @inheritdoc ISpell
    function expiration() public view virtual returns (uint48);

    /// @inheritdoc ISpell
    function officeHours() public view virtual returns (bool);

    /// @inheritdoc ISpell
    function schedule() external {
        if (eta != 0) revert AlreadyScheduled();
        if (block.timestamp > expiration()) revert Expired();
        eta = uint48(_open(block.timestamp + PAUSE.delay()));
        PAUSE.plot(action(), codeHash(), call(), eta);
    }

    /// @inheritdoc ISpell
    function cast() external returns (bytes memory) {
        if (eta == 0) revert NotScheduled();
        return PAUSE.exec(action(), codeHash(), call(), eta);
    }

    /// @inheritdoc ISpell
    function done() external view returns (bool) {
        return _state() == Pause.State.Executed;
    }

    /// @inheritdoc ISpell
    function nextCastTime() external view returns (uint48) {
        if (_state() != Pause.State.Plotted) return 0;
        uint256 next = _open(block.timestamp > eta ? block.timestamp : eta);
        return next > uint256(eta) + PAUSE.WINDOW() ? 0 : uint48(next);
    }

    function _state() private view returns (Pause.State) {
        return PAUSE.stateOf(PAUSE.planOf(action(), codeHash(), call(), eta));
    }

    function _open(uint256 time) private view returns (uint256) {
        return officeHours() ? OfficeHours.next(time) : time;
    }
}
