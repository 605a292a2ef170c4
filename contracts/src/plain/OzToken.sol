// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Votes.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";

/// Somebody else's token: OpenZeppelin's ERC20Votes with a timestamp clock and nothing of ours.
contract OzToken is ERC20Permit, ERC20Votes {
    constructor(
        string memory name,
        string memory symbol,
        address[] memory holders,
        uint256[] memory amounts
    ) ERC20(name, symbol) ERC20Permit(name) {
        for (uint256 i; i < holders.length; ++i) {
            if (delegates(holders[i]) == address(0)) _delegate(holders[i], holders[i]);
            _mint(holders[i], amounts[i]);
        }
    }

    function clock() public view override returns (uint48) {
        return uint48(block.timestamp);
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public pure override returns (string memory) {
        return "mode=timestamp";
    }

    function nonces(address owner) public view override(ERC20Permit, Nonces) returns (uint256) {
        return super.nonces(owner);
    }

    function _update(address from, address to, uint256 value) internal override(ERC20, ERC20Votes) {
        super._update(from, to, value);
    }
}
