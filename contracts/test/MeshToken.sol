// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A token that anyone mints, and that misbehaves when it is told to.
contract MeshToken is ERC20("Coin", "COIN") {
    enum Mood {
        Kind,
        TakesFee,
        MovesNothing,
        Reenters
    }

    Mood public mood;
    address public target;
    bytes public call;
    bool public gotIn;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function set(Mood mood_) external {
        mood = mood_;
    }

    function reenter(address target_, bytes calldata call_) external {
        (mood, target, call, gotIn) = (Mood.Reenters, target_, call_, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from == address(0) || mood == Mood.Kind) return super._update(from, to, value);
        if (mood == Mood.MovesNothing) return;
        if (mood == Mood.TakesFee) {
            super._update(from, address(1), 1);
            return super._update(from, to, value - 1);
        }
        super._update(from, to, value);
        (bool ok,) = target.call(call);
        gotIn = gotIn || ok;
    }
}
