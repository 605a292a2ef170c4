// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// Somebody else's treasury: runs what its governor queued, after a delay and before it goes stale.
contract BravoTimelock {
    uint256 public constant GRACE_PERIOD = 14 days;

    address public immutable admin;
    uint256 public immutable delay;
    mapping(bytes32 transaction => bool) public queuedTransactions;

    error NotAdmin();
    error NotQueued();
    error NotNow();
    error Failed();

    modifier onlyAdmin() {
        if (msg.sender != admin) revert NotAdmin();
        _;
    }

    constructor(uint256 delay_) {
        admin = msg.sender;
        delay = delay_;
    }

    receive() external payable {}

    function queueTransaction(
        address target,
        uint256 value,
        string calldata signature,
        bytes calldata data,
        uint256 eta
    ) external onlyAdmin {
        queuedTransactions[_idOf(target, value, signature, data, eta)] = true;
    }

    function executeTransaction(
        address target,
        uint256 value,
        string calldata signature,
        bytes calldata data,
        uint256 eta
    ) external onlyAdmin {
        bytes32 id = _idOf(target, value, signature, data, eta);
        if (!queuedTransactions[id]) revert NotQueued();
        if (block.timestamp < eta || block.timestamp > eta + GRACE_PERIOD) revert NotNow();
        delete queuedTransactions[id];
        bytes memory call =
            bytes(signature).length == 0 ? data : abi.encodePacked(bytes4(keccak256(bytes(signature))), data);
        (bool ok,) = target.call{value: value}(call);
        if (!ok) revert Failed();
    }

    function _idOf(address target, uint256 value, string calldata signature, bytes calldata data, uint256 eta)
        private
        pure
        returns (bytes32)
    {
        return keccak256(abi.encode(target, value, signature, data, eta));
    }
}
