// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGlobalDao} from "../interfaces/IGlobalDao.sol";

/// What the curator keeps: the tree of domains, the tokens that challenges may pay in, the treasury. It holds no money and
/// decides about no challenge.
abstract contract Domains is IGlobalDao {
    uint256 private constant MAX_LEVEL = 4;

    /// @inheritdoc IGlobalDao
    address public curator;

    /// @inheritdoc IGlobalDao
    address public treasury;

    /// @inheritdoc IGlobalDao
    mapping(bytes32 domain => bytes32) public parentOf;

    /// @inheritdoc IGlobalDao
    mapping(address token => uint256) public unitOf;

    address private _nextCurator;
    /// From 1, so that 0 says that there is no such domain.
    mapping(bytes32 domain => uint256) private _level;

    modifier onlyCurator() {
        if (msg.sender != curator) revert NotCurator();
        _;
    }

    constructor(address curator_, address treasury_) {
        if (curator_ == address(0)) revert NotCurator();
        curator = curator_;
        _setTreasury(treasury_);
        emit CuratorChanged(curator_);
    }

    /// @inheritdoc IGlobalDao
    function addDomain(bytes32 domain, bytes32 parent) external onlyCurator {
        if (domain == 0) revert UnknownDomain();
        if (domainExists(domain)) revert DomainExists();
        if (parent != 0 && !domainExists(parent)) revert UnknownDomain();
        uint256 level = _level[parent] + 1;
        if (level > MAX_LEVEL) revert DomainTooDeep();
        _level[domain] = level;
        parentOf[domain] = parent;
        emit DomainAdded(domain, parent);
    }

    /// @inheritdoc IGlobalDao
    function listToken(address token, uint256 unit) external onlyCurator {
        if (token.code.length == 0) revert BadToken();
        if (unit == 0) revert BadUnit();
        unitOf[token] = unit;
        emit TokenListed(token, unit);
    }

    /// @inheritdoc IGlobalDao
    function setTreasury(address treasury_) external onlyCurator {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IGlobalDao
    function offerCurator(address next) external onlyCurator {
        _nextCurator = next;
        emit CuratorOffered(next);
    }

    /// @inheritdoc IGlobalDao
    function acceptCurator() external {
        if (msg.sender != _nextCurator) revert NotCurator();
        _nextCurator = address(0);
        curator = msg.sender;
        emit CuratorChanged(msg.sender);
    }

    /// @inheritdoc IGlobalDao
    function domainExists(bytes32 domain) public view returns (bool) {
        return _level[domain] != 0;
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert BadTreasury();
        treasury = treasury_;
        emit TreasuryChanged(treasury_);
    }
}
