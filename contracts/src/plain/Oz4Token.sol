// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "oz4/token/ERC20/ERC20.sol";
import {ERC20Permit} from "oz4/token/ERC20/extensions/ERC20Permit.sol";
import {ERC20Votes} from "oz4/token/ERC20/extensions/ERC20Votes.sol";

/// Somebody else's token: OpenZeppelin's ERC20Votes 4.9, which counts blocks, or with `isOld` one from before it, which
/// tells neither clock nor domain.
contract Oz4Token is ERC20Votes {
    bool private immutable _isOld;

    error NoSuchFunction();

    constructor(
        string memory name,
        string memory symbol,
        address[] memory holders,
        uint256[] memory amounts,
        bool isOld
    ) ERC20(name, symbol) ERC20Permit(name) {
        _isOld = isOld;
        for (uint256 i; i < holders.length; ++i) {
            _delegate(holders[i], holders[i]);
            _mint(holders[i], amounts[i]);
        }
    }

    /// @dev The token itself asks by its own functions, strangers by this one.
    function clock() public view override returns (uint48) {
        if (_isOld && msg.sig == this.clock.selector) revert NoSuchFunction();
        return super.clock();
    }

    // solhint-disable-next-line func-name-mixedcase
    function CLOCK_MODE() public view override returns (string memory) {
        if (_isOld) revert NoSuchFunction();
        return super.CLOCK_MODE();
    }

    function eip712Domain()
        public
        view
        override
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        if (_isOld) revert NoSuchFunction();
        return super.eip712Domain();
    }
}
